/** Leaving: the server ends the session, and this tab forgets everything it was shown. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { signOut } from "@/api/session";
import { forgetAll } from "@/lib/recent";

export function useSignOut(): () => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return () => {
    void signOut()
      // A session that is already over is as good as ended.
      .catch(() => undefined)
      .then(async () => {
        forgetAll();
        await navigate({ to: "/sign-in" });
        queries.clear();
      });
  };
}
