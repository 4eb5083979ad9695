/** One's own password: the present one, another one, and every other session ends. */
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import { changePassword, isKeptHere, sessionQuery, useSession } from "@/api/session";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";

import css from "./password-page.module.css";

const LETTERS_LEAST = 10;

export function PasswordPage() {
  const session = useSession();
  return (
    <Page title="Password" about={`Of the login ${session.login}. Sessions on other machines end with the change.`}>
      <Panel>
        {isKeptHere(session) ? (
          <PasswordForm login={session.login} />
        ) : (
          <p className={css["note"]}>You sign in over the directory or the provider of your firm: change it there.</p>
        )}
      </Panel>
    </Page>
  );
}

function PasswordForm({ login }: { readonly login: string }) {
  const queries = useQueryClient();
  const [present, setPresent] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(present, wanted),
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      setWanted("");
      setAgain("");
    },
    onSettled: () => setPresent(""),
  });
  const differ = again !== "" && again !== wanted;

  function send(event: SyntheticEvent) {
    event.preventDefault();
    if (!differ) change.mutate();
  }

  return (
    <form className={css["form"]} onSubmit={send} aria-label="Change the password">
      {/* For password managers: whose password it is. */}
      <input type="text" className="hidden-visually" autoComplete="username" value={login} readOnly tabIndex={-1} aria-hidden />
      <PasswordInput
        label="Present password"
        value={present}
        onChange={(event) => setPresent(event.currentTarget.value)}
        autoComplete="current-password"
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="New password"
        description="Long and hard to guess, such as four words that do not belong together."
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        autoComplete="new-password"
        minLength={LETTERS_LEAST}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="New password again"
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
        error={differ ? "This is not what stands above." : undefined}
        autoComplete="new-password"
        required
        withAsterisk={false}
      />
      {change.error === null ? null : <Failure problem={asProblem(change.error)} />}
      {change.isSuccess ? (
        <p role="status" className={css["done"]}>
          Your password is changed.
        </p>
      ) : null}
      <Button type="submit" className={css["send"]} loading={change.isPending} disabled={differ}>
        Change the password
      </Button>
    </form>
  );
}
