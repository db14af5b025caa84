import { createSSRApp, h, ref } from "vue";

/** The same page as in React, written as Vue's compiler would. */
export const createPage = () =>
  createSSRApp({
    setup() {
      const count = ref(0);
      return () =>
        h("main", [
          h("a", { id: "link", href: "tel:+14155550132", "aria-label": "Call (415) 555-0132" }, [
            h("b", "(415)"),
            " 555-0132",
          ]),
          h("p", { id: "number" }, "(415) 555-0132"),
          h("p", { id: "line" }, count.value % 2 ? "Night line 415.555.0132" : "Day line 415-555-0132"),
          h("p", { id: "count" }, `${count.value} free at 415 555 0132, call now`),
          count.value > 0 ? h("p", { id: "late" }, "1-415-555-0132") : null,
          h("button", { id: "more", type: "button", onClick: () => count.value++ }, "more"),
        ]);
    },
  });
