import type { MiddlewareHandler } from "hono";
import { uniqueSymbol } from "hono-openapi";
import { isAllowed, type Operation } from "../../accounts/permissions.ts";
import { type HttpEnv, problem } from "./context.ts";

/**
 * Lets a request pass if the viewer may do this operation, else 403. Every account route has one; its name is
 * the route's `operationId` in the OpenAPI document.
 */
export function may(operation: Operation): MiddlewareHandler<HttpEnv> {
  const middleware: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const { viewer } = c.var;
    if (!isAllowed(viewer, operation)) {
      const detail = `The role ${viewer.role} of a ${viewer.kind} does not include ${operation}.`;
      return problem(c, { kind: "forbidden", detail });
    }
    await next();
  };
  return Object.assign(middleware, { [uniqueSymbol]: { spec: { operationId: operation } } });
}
