/** Stands where a part of the page would, when policy closes it for the purpose at hand, and leads to one that opens it. */
import { Link } from "@tanstack/react-router";

import { purposesFor, useSession } from "@/api/session";
import { words } from "@/lib/labels";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

interface NotForPurposeProps {
  readonly title: string;
  readonly action: string;
  readonly purpose: string;
}

export function NotForPurpose({ title, action, purpose }: NotForPurposeProps) {
  const session = useSession();
  const [open] = purposesFor(session, action);
  return (
    <Panel title={title}>
      <Empty
        icon="lock"
        title={`Not open to you for ${words(purpose).toLowerCase()}`}
        action={
          open === undefined ? undefined : (
            <Link to="." search={(old) => ({ ...old, purpose: open })}>
              Look for {words(open).toLowerCase()} instead
            </Link>
          )
        }
      >
        {open === undefined
          ? "No policy lets your role see this for any purpose."
          : "A policy lets your role see this for another purpose. Choose it only if it is your reason."}
      </Empty>
    </Panel>
  );
}
