/** Light or dark: the reader's wish if there is one, else the system's. public/scheme.js does the first paint. */
import { useSyncExternalStore } from "react";

export type Wish = "system" | "light" | "dark";

const KEY = "onefold.scheme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): Wish {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

let wish: Wish = stored();

export function setWish(next: Wish): void {
  wish = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // A browser that stores nothing still gets its theme for this visit.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

export function useWish(): Wish {
  return useSyncExternalStore(subscribe, () => wish);
}

export function useScheme(): "light" | "dark" {
  return useSyncExternalStore(subscribe, () => {
    if (wish !== "system") return wish;
    return system.matches ? "dark" : "light";
  });
}
