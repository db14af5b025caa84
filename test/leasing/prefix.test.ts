import { expect, it } from "vitest";
import { networkOf } from "../../edge/leasing/model/browser.ts";

it.each([
  ["203.0.113.9", "203.0.113", "9"],
  ["::ffff:203.0.113.9", "203.0.113", "9"],
  ["2001:0db8:00a0:1::1", "2001:db8:a0", "1"],
  ["2001:0db8:00a0:0001:2:3:4:5", "2001:db8:a0", "1"],
  ["2001:DB8:A0::", "2001:db8:a0", "0"],
  ["2001:db8::1", "2001:db8:0", "0"],
  ["2001::b:c:d:e:f:1", "2001:0:b", "c"],
])("the subscriber's prefix of %s is %s, and it is %s of it", (address, prefix, host) => {
  expect(networkOf(address)).toEqual({ prefix, host });
});

it.each(["::1", "127.0.0.1", "::ffff:127.0.0.1", "", "localhost", "1.2.3"])("%s has none", (address) => {
  expect(networkOf(address)).toBeNull();
});
