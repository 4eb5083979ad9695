import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

/** Imports go down only: app ← features ← ui ← lib, api. A feature never imports another feature. */
function mayNotImport(files, layers, why) {
  const patterns = [
    { group: layers, message: why },
    { group: ["../../*"], message: "Go through @/ when leaving the folder's parent." },
  ];
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/generated", "public"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 110 }],
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      // The router's redirect() and notFound() are thrown by design.
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: { globals: globals.browser },
  },
  mayNotImport(["src/{lib,api}/**"], ["@/ui/*", "@/features/*", "@/app/*"], "lib and api stand below."),
  mayNotImport(["src/ui/**"], ["@/api/*", "@/features/*", "@/app/*"], "ui knows no feature."),
  mayNotImport(["src/features/**"], ["@/features/*", "@/app/*"], "A feature imports ui, lib and api only."),
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: globals.node } },
);
