/** `GET /p/style.css`. */
export const style = (): Response =>
  new Response(css, { headers: { 'content-type': 'text/css; charset=UTF-8', 'cache-control': 'max-age=300' } })

const css = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#eef2f6, #0f151c);
  --card: light-dark(#ffffff, #18212b);
  --ink: light-dark(#17212b, #e8eef4);
  --quiet: light-dark(#566472, #9fb0bf);
  --line: light-dark(#d5dde5, #2e3b48);
  --accent: light-dark(#1b5e8c, #7cc0ee);
  --on-accent: light-dark(#ffffff, #0b1a26);
  --wash: light-dark(#f3f8fc, #1f2c39);
  --warn: light-dark(#fff3d1, #3a2f10);
  --warn-ink: light-dark(#5b4300, #ffdf8a);
  --problem: light-dark(#a3231f, #ffaba5);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
aside { background: var(--warn); color: var(--warn-ink); padding: .5rem 1rem; text-align: center; font-size: .875rem; }
main { max-width: 32rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 2.25rem); background: var(--card); }
@media (min-width: 34rem) { main { margin-block: clamp(1rem, 6vh, 4rem); border: 1px solid var(--line); border-radius: .75rem; box-shadow: 0 1rem 3rem rgb(0 0 0 / .07); } }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3; font-weight: 600; text-wrap: pretty; }
p { margin: 0; }
a { color: var(--accent); }
small { display: block; color: var(--quiet); font-size: .75rem; line-height: 1.4; }
.hint { color: var(--quiet); font-size: .9375rem; margin: 0 0 1rem; }
.hint strong { color: var(--ink); }
.username { font-size: .8125rem; color: var(--quiet); }
.message, .problem, .sentence { margin: 0 0 1rem; }
.message { padding: .75rem 1rem; background: var(--wash); border-inline-start: .25rem solid var(--accent); border-radius: .25rem; white-space: pre-line; }
.problem { color: var(--problem); }
ul { list-style: none; margin: 0; padding: 0; }
.people { display: grid; gap: .5rem; }
.people li { position: relative; display: flex; gap: .875rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; }
.people li:hover { background: var(--wash); border-color: var(--accent); }
.people li:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.people li > div { min-width: 0; flex: 1; font-size: .875rem; color: var(--quiet); line-height: 1.4; }
.people p:first-of-type { margin-top: .125rem; }
.people button { all: unset; color: var(--ink); font-weight: 600; font-size: 1rem; cursor: pointer; }
.people button::after { content: ''; position: absolute; inset: 0; border-radius: inherit; }
.avatar { flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 600; font-size: .9375rem; }
details { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
summary { color: var(--accent); cursor: pointer; width: fit-content; }
.password { display: grid; margin-top: 1rem; }
label { font-size: .875rem; font-weight: 600; }
label::first-letter { text-transform: uppercase; }
input { width: 100%; margin: .25rem 0 1rem; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--quiet); border-radius: .375rem; }
input[type='checkbox'] { width: auto; margin: 0 .25rem 0 0; }
label:has([type='checkbox'])::first-letter { text-transform: none; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.0625rem; font-weight: 600; }
textarea, select { width: 100%; margin: .25rem 0 1rem; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--quiet); border-radius: .375rem; }
pre { margin: 0 0 1rem; padding: 1rem; overflow-x: auto; background: var(--wash); border-radius: .375rem; font-size: .8125rem; }
.small { padding: .125rem .75rem; font-size: .8125rem; margin-top: .375rem; }
button, .button { font: inherit; font-weight: 600; padding: .625rem 1.5rem; border: 1px solid var(--accent); border-radius: .375rem; background: none; color: var(--accent); cursor: pointer; text-align: center; text-decoration: none; }
.primary { background: var(--accent); color: var(--on-accent); }
button:hover, .button:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scopes { margin-bottom: 1.25rem; border: 1px solid var(--line); border-radius: .5rem; }
.scopes li { padding: .625rem .875rem; }
.scopes > li + li { border-top: 1px solid var(--line); }
.scopes ul { margin: .5rem 0 0; padding-inline-start: .75rem; border-inline-start: 2px solid var(--line); }
.scopes ul li { padding-block: .25rem; }
.decision { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 1rem; }
.decision > * { flex: 1 1 8rem; }
.target { margin: 0; }
.code { padding: 1rem; background: var(--wash); border-radius: .375rem; font-size: 1.125rem; user-select: all; }
dl { margin: 0; padding: 1rem; background: var(--wash); border-radius: .5rem; font-size: .875rem; }
dl div + div { margin-top: .5rem; }
dt { color: var(--quiet); }
dd { margin: 0; font-family: ui-monospace, monospace; font-size: .8125rem; }
code { white-space: nowrap; }
.hint a { display: block; width: fit-content; margin-top: .25rem; }
.code code { white-space: normal; }
main:has(> .wide) { max-width: 84rem; }
.wide { overflow-x: auto; }
.wide h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
table { width: 100%; border-collapse: collapse; font-size: .8125rem; }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; }
td.problem { margin: 0; }
pre { margin: 0; padding: 1rem; background: var(--wash); border-radius: .5rem; font-size: .8125rem; white-space: pre-wrap; }
@media (max-width: 33.99rem) { body { background: var(--card); } }
@media (forced-colors: active) { .people li, button, .button { border-color: ButtonText; } }
`
