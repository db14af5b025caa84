/** happy-dom's `Attr` has no `nodeValue`; every browser's has (DOM standard, §4.4), as the browser tests prove. */
if (typeof Attr !== "undefined" && !Object.getOwnPropertyDescriptor(Attr.prototype, "nodeValue")) {
  Object.defineProperty(Attr.prototype, "nodeValue", {
    get(this: Attr) {
      return this.value;
    },
    set(this: Attr, value: string) {
      this.value = value;
    },
  });
}
