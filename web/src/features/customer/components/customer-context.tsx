/** The view of the customer on screen, for the pages inside the customer's frame. */
import { createContext, use } from "react";

import type { View } from "@/api/types";

export interface OnScreen {
  readonly view: View;
  readonly purpose: string;
}

export const CustomerContext = createContext<OnScreen | null>(null);

export function useCustomer(): OnScreen {
  const found = use(CustomerContext);
  if (found === null) throw new Error("a page of one customer stands outside its frame");
  return found;
}
