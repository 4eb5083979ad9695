/** What stands where data would: nothing there, not yet there, or a failure with what to do about it. */
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import { sentence } from "@/lib/labels";

import { Icon, type IconName } from "./icon";
import css from "./states.module.css";

interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ icon = "search", title, children, action }: EmptyProps) {
  return (
    <div className={css["state"]}>
      <span className={css["mark"]}>
        <Icon name={icon} size={18} />
      </span>
      <p className={css["title"]}>{title}</p>
      {children === undefined ? null : <div className={css["text"]}>{children}</div>}
      {action}
    </div>
  );
}

/** What a failure says; the shape of a problem detail, without knowing where it comes from. */
export interface FailureWords {
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
  readonly status: number;
  readonly reasons: readonly string[];
}

interface FailureProps {
  readonly problem: FailureWords;
  readonly onRetry?: (() => void) | undefined;
}

export function Failure({ problem, onRetry }: FailureProps) {
  const refused = problem.status === 403;
  const said = problem.reasons.length > 0 ? "" : problem.detail;
  return (
    <div className={css["state"]} role="alert" data-tone={refused ? "warn" : "bad"}>
      <span className={css["mark"]}>
        <Icon name={refused ? "lock" : "alert"} size={18} />
      </span>
      <p className={css["title"]}>{problem.title}</p>
      <div className={css["text"]}>
        {said === "" ? null : <p>{said}</p>}
        {problem.reasons.length === 0 ? null : (
          <ul className={css["reasons"]}>
            {problem.reasons.map((reason) => (
              <li key={reason}>{sentence(reason)}</li>
            ))}
          </ul>
        )}
        {problem.hint === "" ? null : <p>{problem.hint}</p>}
      </div>
      {onRetry === undefined || refused ? null : (
        <Button variant="default" leftSection={<Icon name="refresh" size={14} />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Grey lines in the place of text, announced once as loading. */
export function Lines({ count, height = 12, gap = 12 }: { readonly count: number; readonly height?: number; readonly gap?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} mb={gap} width={`${92 - ((index * 17) % 38)}%`} radius="sm" />
      ))}
    </div>
  );
}
