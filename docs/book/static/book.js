// The list of pages is scrolled to the one that is open.
const pages = document.querySelector(".sidebar-scroll");
const here = pages?.querySelector(".current-page");
if (here) pages.scrollTop += here.getBoundingClientRect().top - pages.clientHeight / 2;

// A figure is a button that opens it in its full size.
const large = document.createElement("dialog");
large.className = "enlarged";
const close = document.createElement("button");
close.textContent = "Close";
large.addEventListener("click", () => large.close());
large.addEventListener("keydown", (event) => event.key === "Escape" && large.close());
document.body.append(large);
for (const picture of document.querySelectorAll(".output img")) {
  const button = document.createElement("button");
  button.className = "enlarge";
  button.title = "Enlarge";
  picture.replaceWith(button);
  button.append(picture);
  button.addEventListener("click", () => {
    const copy = new Image();
    copy.src = picture.src;
    copy.alt = picture.alt;
    copy.className = picture.className;
    large.replaceChildren(close, copy);
    large.showModal();
    close.focus();
  });
}

// Code is read or left out, here and on the next page.
if (document.querySelector(".cell_input")) {
  const button = document.createElement("button");
  button.className = "code-button";
  const apply = (hidden) => {
    document.body.classList.toggle("no-code", hidden);
    button.textContent = BUTTON[hidden ? 0 : 1];
  };
  button.addEventListener("click", () => {
    const hidden = !document.body.classList.contains("no-code");
    localStorage.setItem("no-code", hidden ? "yes" : "");
    apply(hidden);
  });
  apply(localStorage.getItem("no-code") === "yes");
  document.querySelector("article").prepend(button);
}
