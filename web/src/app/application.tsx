/** The providers, outermost first. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { useScheme } from "@/lib/scheme";
import { theme } from "@/ui/theme/theme";

import { queries } from "./queries";
import { router } from "./router";

export function Application() {
  const scheme = useScheme();
  return (
    // The theme's variables and classes are in the stylesheet: Mantine would write them into a style
    // element, which the content security policy refuses.
    <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
