import { Arena } from "./test/bench/tag/arena.ts";
import { timeOf, US } from "./test/bench/tag/speed.ts";
const arena = await Arena.open();
const rows=[];
for (let i=0;i<7;i++) rows.push({hit:await timeOf(arena,"ringtrail",10000,true), no: await timeOf(arena,"ringtrail",10000,false), bare: await timeOf(arena,"bare pass",10000,true), tiny: await timeOf(arena,"ringtrail",100,true), tinybare: await timeOf(arena,"bare pass",100,true)});
console.table(rows);
await arena.close();
