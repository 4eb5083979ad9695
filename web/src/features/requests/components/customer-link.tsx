/** Whom a request is about, by an id that leads to their page; or that nobody was found. */
import { Link } from "@tanstack/react-router";

interface CustomerLinkProps {
  readonly customer: string;
}

export function CustomerLink({ customer }: CustomerLinkProps) {
  if (customer === "") return <span className="dim">nobody was found</span>;
  return (
    <Link to="/customers/$customer" params={{ customer }} search={{ purpose: "compliance" }} className="mono" title="Their page, looked at for compliance">
      {customer.slice(0, 8)}…{customer.slice(-4)}
    </Link>
  );
}
