/** What a request came to: a package to save, something that is in force, or the reason of a refusal. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { asProblem } from "@/api/problem";
import type { SubjectRequest } from "@/api/types";
import { CopyId } from "@/ui/copy";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";

import { useSavePackage } from "../api/requests";
import css from "./request.module.css";
import { REFUSALS, isPacked } from "./sayings";

export function Result({ request, maySave }: { readonly request: SubjectRequest; readonly maySave: boolean }) {
  return <Panel title="What it came to">{isPacked(request) ? <Package request={request} maySave={maySave} /> : <p>{told(request)}</p>}</Panel>;
}

function told({ status, kind, customer, because, outcome }: SubjectRequest): ReactNode {
  if (status === "cancelled") return "It was cancelled before work on it began; nothing was done.";
  if (status === "refused") return `Nothing was done. ${REFUSALS.find(({ value }) => value === because)?.about ?? because}`;
  if (kind === "rectification") return "The source has mended it.";
  if (kind === "erasure") {
    if (outcome.includes(" ")) return "The customer had been erased before.";
    return (
      <>
        The customer was erased, by erasure <CopyId id={outcome} label="erasure id" />
      </>
    );
  }
  return (
    <>
      In force since it was completed, as objections that no use gets around:{" "}
      <Link to="/customers/$customer/consents" params={{ customer }} search={{ purpose: "compliance" }} className={css["within"]}>
        their consents
      </Link>
      .
    </>
  );
}

function Package({ request, maySave }: { readonly request: SubjectRequest; readonly maySave: boolean }) {
  const save = useSavePackage(request.id);
  return (
    <div className={css["stack"]}>
      <div className={css["package"]}>
        <p>
          The package lies ready, with a page to read and the same for programs. Hand it over by a way that only they can open; that you save
          it is in the audit.
        </p>
        {maySave ? (
          <Button leftSection={<Icon name="download" size={14} />} loading={save.isPending} onClick={() => save.mutate()}>
            Save the package
          </Button>
        ) : null}
      </div>
      <p role="status" className={save.isSuccess ? css["saved"] : "hidden-visually"}>
        {save.isSuccess ? "Saved to your downloads." : ""}
      </p>
      {save.error === null ? null : <Failure problem={asProblem(save.error)} />}
    </div>
  );
}
