/** Starts the console. */
import "@fontsource-variable/inter/wght.css";
import "@/ui/theme/mantine.css";
import "@/ui/theme/tokens.css";
import "@/ui/theme/base.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Application } from "@/app/application";

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Application />
    </StrictMode>,
  );
}
