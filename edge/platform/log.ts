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

/** What went wrong, without the values that caused it. */
export function errorFields(error: unknown): LogFields {
  const name = error instanceof Error ? error.name : typeof error;
  const message = error instanceof Error ? error.message : String(error);
  return { error: name, reason: message.replaceAll(/\+\d{6,15}/g, "+…").slice(0, 300) };
}
