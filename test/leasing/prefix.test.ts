import { expect, it } from "vitest";
import { prefixOf } from "../../edge/leasing/model/browser.ts";

it.each([
  ["203.0.113.9", "203.0.113"],
  ["::ffff:203.0.113.9", "203.0.113"],
  ["2001:0db8:00a0:1::1", "2001:db8:a0"],
  ["2001:DB8:A0::", "2001:db8:a0"],
  ["2001:db8::1", "2001:db8:0"],
  ["::1", null],
  ["127.0.0.1", null],
  ["::ffff:127.0.0.1", null],
  ["", null],
  ["localhost", null],
  ["1.2.3", null],
])("the subscriber's prefix of %s is %s", (address, prefix) => {
  expect(prefixOf(address)).toBe(prefix);
});
