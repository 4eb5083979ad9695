import { describe, expect, test } from "vitest";

import { type Shortcut, matching, pressed } from "./keys";
import { moved } from "./options";

function key(name: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) {
  return { key: name, ctrlKey: false, metaKey: false, altKey: false, ...held };
}

describe("a key press", () => {
  test("is named without its case, Control and Command alike", () => {
    expect(pressed(key("K", { ctrlKey: true }))).toBe("mod+k");
    expect(pressed(key("k", { metaKey: true }))).toBe("mod+k");
    expect(pressed(key("G"))).toBe("g");
  });
  test("with Alt is left to the browser", () => {
    expect(pressed(key("g", { altKey: true }))).toBe("");
  });
});

describe("shortcuts", () => {
  const run = () => undefined;
  const shortcuts: Shortcut[] = [{ keys: "g s", run }, { keys: "s", run }, { keys: "/", run }];
  test("of two keys win over the single key they end with", () => {
    expect(matching(shortcuts, "g", "s")?.keys).toBe("g s");
    expect(matching(shortcuts, "", "s")?.keys).toBe("s");
  });
  test("nobody set do nothing", () => {
    expect(matching(shortcuts, "g", "x")).toBeUndefined();
  });
});

describe("the mark in a list", () => {
  test("goes round at both ends", () => {
    expect(moved("ArrowDown", 2, 3)).toBe(0);
    expect(moved("ArrowUp", 0, 3)).toBe(2);
  });
  test("leaps by pages and stays inside", () => {
    expect(moved("PageDown", 1, 5)).toBe(4);
    expect(moved("PageUp", 3, 5)).toBe(0);
  });
  test("does not move in an empty list, nor by keys of the text", () => {
    expect(moved("ArrowDown", 0, 0)).toBeNull();
    expect(moved("Home", 2, 3)).toBeNull();
  });
});
