import { describe, expect, it } from "vitest";
import { splitStatements } from "../../bin/migrate.ts";

describe("a migration", () => {
  it("is cut into statements, triggers whole and comments gone", () => {
    const sql = `-- a comment; with a semicolon
CREATE TABLE a (x INTEGER); -- and another;
CREATE TRIGGER t BEFORE INSERT ON a
WHEN NEW.x = 1
BEGIN SELECT RAISE(ABORT, 'no'); END;
CREATE INDEX i ON a (x);`;
    expect(splitStatements(sql)).toEqual([
      "CREATE TABLE a (x INTEGER)",
      "CREATE TRIGGER t BEFORE INSERT ON a\nWHEN NEW.x = 1\nBEGIN SELECT RAISE(ABORT, 'no'); END",
      "CREATE INDEX i ON a (x)",
    ]);
  });
});
