/** A structured log line's fields. Never a caller's number, an address, a token or a URL with its query. */
export type LogFields = Record<string, string | number | boolean | null>;

export type Log = {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

/** One JSON object a line, which Workers Logs indexes by field; every line names its request. */
export function requestLog(request_id: string): Log {
  const line = (level: string, message: string, fields: LogFields = {}) =>
    JSON.stringify({ level, message, request_id, ...fields });
  return {
    info: (message, fields) => console.log(line("info", message, fields)),
    error: (message, fields) => console.error(line("error", message, fields)),
  };
}

/**
 * What went wrong, without the values that caused it: a failed query's own message has its parameters in it, the
 * innermost cause has not.
 */
export function errorFields(error: unknown): LogFields {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const name = cause instanceof Error ? cause.name : typeof cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { error: name, reason: message.replaceAll(/\+\d{6,15}/g, "+…").slice(0, 300) };
}
