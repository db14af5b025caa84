import type { MiddlewareHandler } from "hono";
import { uniqueSymbol } from "hono-openapi";
import { isAllowed, type Operation } from "../../accounts/permissions.ts";
import { type HttpEnv, problem } from "./context.ts";
import { answeredBefore, keepAfterwards } from "./idempotent.ts";

/**
 * Lets a request pass if the viewer may do this operation, else 403; then, for a repeated `Idempotency-Key`,
 * answers as the first time. Every account route has one, before everything else; its name is the route's
 * `operationId` in the OpenAPI document and the action in the audit log. A `streamed` body is read by the handler alone,
 * as it comes, and so is its key (`streamedBody`).
 */
export function may(operation: Operation, options: { streamed?: boolean } = {}): MiddlewareHandler<HttpEnv> {
  const middleware: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const { viewer } = c.var;
    if (!isAllowed(viewer, operation)) {
      const detail = `The role ${viewer.role} of a ${viewer.kind} does not include ${operation}.`;
      return problem(c, { kind: "forbidden", detail });
    }
    c.set("operation", operation);
    if (options.streamed) return next();
    const before = await answeredBefore(c);
    if (before) return before;
    await next();
    await keepAfterwards(c);
  };
  return Object.assign(middleware, { [uniqueSymbol]: { spec: { operationId: operation } } });
}
