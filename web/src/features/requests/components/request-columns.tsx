/** How one request is read in a row. */
import { Link } from "@tanstack/react-router";

import type { SubjectRequest } from "@/api/types";
import { Icon } from "@/ui/icon";
import type { Column } from "@/ui/virtual-table";
import { When } from "@/ui/when";

import { CustomerLink } from "./customer-link";
import { Deadline, StatusBadge } from "./deadline";
import css from "./requests.module.css";
import { askerName, isOpen, kindName } from "./sayings";

export const REQUEST_COLUMNS: readonly Column<SubjectRequest>[] = [
  {
    key: "kind",
    title: "Asks for",
    width: "minmax(110px, 1fr)",
    cell: (row) => (
      <div className={css["two"]}>
        <Link to="/requests/$request" params={{ request: row.id }} className={css["kind"]} title={`Request ${row.id}`}>
          {kindName(row.kind)}
        </Link>
        <span className={css["second"]}>{askerName(row.asker)}</span>
      </div>
    ),
  },
  { key: "left", title: "Days left", width: "minmax(124px, 1fr)", cell: (row) => <Deadline request={row} /> },
  {
    key: "due",
    title: "Due",
    width: "minmax(108px, 1fr)",
    cell: (row) => (
      <div className={css["two"]}>
        <When at={row.due_on} />
        <span className={css["second"]}>
          by {row.law}
          {row.is_extended ? ", extended" : ""}
        </span>
      </div>
    ),
  },
  { key: "customer", title: "Customer", width: "minmax(126px, 1fr)", cell: (row) => <CustomerLink customer={row.customer} /> },
  {
    key: "status",
    title: "State",
    width: "minmax(116px, 1fr)",
    cell: (row) => (
      <div className={css["two"]}>
        <span>
          <StatusBadge status={row.status} />
        </span>
        {isOpen(row) && row.proof === "none" ? (
          <span className={css["second"]}>
            <Icon name="lock" size={11} /> not proven yet
          </span>
        ) : null}
      </div>
    ),
  },
  { key: "received", title: "Received", width: "96px", cell: (row) => <When at={row.received_at} /> },
];
