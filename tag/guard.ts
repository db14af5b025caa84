/**
 * Wraps what the browser calls back, so that nothing of ours ever becomes the page's error.
 * Whatever fails, the page keeps (or gets back at expiry) its own number.
 */
export const guard =
  <A extends unknown[]>(action: (...args: A) => void): ((...args: A) => void) =>
  (...args) => {
    try {
      action(...args);
    } catch {
      // Silent by contract: a page that earns its living is not the place to report our faults.
    }
  };
