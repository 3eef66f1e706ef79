// What the linter asks of the widgets' JavaScript. Rules by name: nothing but eslint itself is needed.
const browser = [
  "AbortController", "Blob", "DataView", "ImageData", "MutationObserver", "OffscreenCanvas", "ResizeObserver", "URL", "cancelAnimationFrame",
  "devicePixelRatio", "document", "getComputedStyle", "matchMedia", "navigator", "performance", "requestAnimationFrame", "setTimeout", "structuredClone", "window",
];
const wrong = [
  "array-callback-return", "constructor-super", "for-direction", "getter-return", "no-cond-assign", "no-const-assign",
  "no-constant-condition", "no-dupe-args", "no-dupe-class-members", "no-dupe-else-if", "no-dupe-keys", "no-duplicate-case",
  "no-duplicate-imports", "no-empty", "no-fallthrough", "no-func-assign", "no-import-assign", "no-loss-of-precision",
  "no-redeclare", "no-self-assign", "no-self-compare", "no-sparse-arrays", "no-this-before-super", "no-undef", "no-unreachable",
  "no-unsafe-finally", "no-unsafe-negation", "no-unsafe-optional-chaining", "no-unused-private-class-members",
  "no-useless-assignment", "no-var", "prefer-const", "use-isnan", "valid-typeof", "eqeqeq", "no-shadow", "no-implicit-globals",
];

export default [
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    rules: {
      ...Object.fromEntries(wrong.map((rule) => [rule, "error"])),
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["**/js/*.js"], rules: { "max-len": ["error", { code: 120 }], "max-lines": ["error", 250] } },
];
