/** Signing in. Where to go afterwards is in the URL; what went wrong is said without saying which half was wrong. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import { providerAddress, sessionQuery, signIn, waysQuery } from "@/api/session";
import { safeReturn } from "@/lib/url";
import { Logo } from "@/ui/logo";
import { useTab } from "@/ui/page";

import css from "./sign-in-page.module.css";

const route = getRouteApi("/sign-in");

/** What the server says of a sign-in at the provider that failed. */
const FAILED: Readonly<Record<string, string>> = {
  refused: "None of your groups has a role here.",
  provider_down: "The provider does not answer.",
  unauthenticated: "The sign-in at the provider did not work.",
};

export function SignInPage() {
  const { back, failed, over, unended } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const ways = useQuery(waysQuery).data;
  useTab("Sign in");
  const attempt = useMutation({
    mutationFn: () => signIn(login.trim(), password),
    onSuccess: (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      router.history.push(safeReturn(back));
    },
    onError: () => setPassword(""),
  });
  function send(event: SyntheticEvent) {
    event.preventDefault();
    attempt.mutate();
  }
  const problem = attempt.error === null ? null : asProblem(attempt.error);
  return (
    <main className={css["page"]}>
      <form className={css["card"]} onSubmit={send} aria-label="Sign in">
        <Logo size={36} />
        <h1>Sign in to Onefold</h1>
        {over === true && problem === null ? (
          <p role="status" className={css["note"]}>
            Your session is over. Sign in to go on where you were.
          </p>
        ) : null}
        {unended === true && problem === null ? (
          <div role="alert" className={css["problem"]}>
            <strong>The server could not be told that you left.</strong>
            <p>Your session may go on for half an hour: close the browser, or sign in and out again.</p>
          </div>
        ) : null}
        {failed === undefined || problem !== null ? null : (
          <div role="alert" className={css["problem"]}>
            <strong>{FAILED[failed] ?? "The sign-in did not work."}</strong>
            <p>Try again, or ask who runs this server.</p>
          </div>
        )}
        {problem === null ? null : (
          <div role="alert" className={css["problem"]}>
            <strong>{problem.title}</strong>
            {[problem.detail, problem.hint].filter((text) => text !== "").map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        )}
        <TextInput
          size="sm"
          label="Login"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          ref={focusFirst}
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" size="sm" loading={attempt.isPending} fullWidth>
          Sign in
        </Button>
        {ways === undefined || ways.provider === "" ? null : (
          <Button component="a" href={providerAddress(safeReturn(back))} size="sm" variant="default" fullWidth>
            Sign in with {ways.provider}
          </Button>
        )}
      </form>
      <p className={css["foot"]}>Every access is recorded with its purpose.</p>
    </main>
  );
}

function focusFirst(field: HTMLInputElement | null): void {
  if (field !== null && document.activeElement === document.body) field.focus();
}
