// The code on paper carries the number after «#», which never leaves the browser.
"use strict";

const number = document.getElementById("id_number");
const given = location.hash.slice(1);
if (number && !number.value && /^[0-9A-Z-]{10,14}$/i.test(given)) {
  number.value = given;
  document.getElementById("id_name").focus();
}
