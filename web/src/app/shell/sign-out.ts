/** Leaving: this tab forgets everything it was shown, and the server ends the session; if it cannot, that is said. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { signOut } from "@/api/session";
import { forgetAll } from "@/lib/recent";

export function useSignOut(): () => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return () => {
    forgetAll();
    void signOut()
      .then(() => false)
      // A session that is already over is as good as ended.
      .catch((error: unknown) => asProblem(error).status !== 401)
      .then(async (isOpen) => {
        await navigate({ to: "/sign-in", search: isOpen ? { unended: true } : {} });
        queries.clear();
      });
  };
}
