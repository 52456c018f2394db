// The answer of a sign-in provider goes on by itself; without this file a button sends it.
document.querySelector("form[data-comeback]").requestSubmit();
