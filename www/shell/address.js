// The app's frame cannot see the page's address. It is told when it has loaded and whenever the fragment changes;
// nothing comes back.
const tellAddress = () => document.querySelector("iframe")?.contentWindow.postMessage({ address: location.href }, "*");
document.addEventListener("load", tellAddress, true);
addEventListener("hashchange", tellAddress);
