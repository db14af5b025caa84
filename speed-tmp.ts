import { Arena } from "./test/bench/tag/arena.ts";
import { benchSpeed } from "./test/bench/tag/speed.ts";
const arena = await Arena.open();
console.table(await benchSpeed(arena));
await arena.close();
