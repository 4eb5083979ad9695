/** The purpose a customer is looked at for; choosing another keeps the page and its filters. */
import { useNavigate } from "@tanstack/react-router";

import { purposesFor, useSession } from "@/api/session";
import { PurposeSwitch } from "@/ui/purpose-switch";

export function CustomerPurpose({ purpose }: { readonly purpose: string }) {
  const session = useSession();
  const navigate = useNavigate({ from: "/customers/$customer" });
  return (
    <PurposeSwitch
      value={purpose}
      purposes={purposesFor(session, "show_customer")}
      onChange={(next) => void navigate({ to: ".", search: (old) => ({ ...old, purpose: next }), replace: true })}
    />
  );
}
