// The list of pages is scrolled to the one that is open.
const pages = document.querySelector(".sidebar-scroll");
const here = pages?.querySelector(".current-page");
if (here) pages.scrollTop += here.getBoundingClientRect().top - pages.clientHeight / 2;
