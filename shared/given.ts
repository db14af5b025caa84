/** The fields of `T` that were given: optional ones may be absent, none is undefined. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Drops what is undefined, so that spreading the rest replaces only what was given. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
