(function () {
  var words = document.documentElement.dataset, signs = { k: 1e3, m: 1e6, bn: 1e9, "\u4e07": 1e4, "\u4ebf": 1e8 };
  function number(text) {
    var plain = text.replace(/\u2212/g, "-").replace(/[\u2009\u00a0\s,+]/g, "");
    var found = plain.match(/^[^\d\-.]*(-?)[^\d\-.]*(\d*\.?\d+)(bn|k|m|\u4e07|\u4ebf)?/);
    return found ? (found[1] ? -1 : 1) * parseFloat(found[2]) * (signs[found[3]] || 1) : null;
  }
  function day(text) { var zh = text.match(/^(\d{4})\u5e74(?:(\d{1,2})\u6708)?(?:(\d{1,2})\u65e5)?$/); if (zh) { return Date.UTC(zh[1], (zh[2] || 1) - 1, zh[3] || 1); } var t = Date.parse(text); return /\d{4}/.test(text) && /[A-Za-z\-]/.test(text) && !isNaN(t) ? t : null; }
  function button(name, words) { var b = document.createElement("button"); b.type = "button"; b.className = name; b.textContent = words; return b; }
  document.querySelectorAll(".pb-table table").forEach(function (table) {
    var head = table.tHead && table.tHead.rows[0], body = table.tBodies[0];
    if (!head || !body || body.rows.length < 6 || table.tBodies.length > 1) { return; }
    var rows = Array.prototype.slice.call(body.rows), box = table.closest(".pb-table");
    Array.prototype.forEach.call(head.cells, function (cell, at) {
      if (!cell.textContent.trim()) { return; }
      var b = button("pb-sort", cell.textContent);
      cell.textContent = ""; cell.appendChild(b);
      b.addEventListener("click", function () {
        var down = cell.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(head.cells, function (c) { c.removeAttribute("aria-sort"); });
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        var values = rows.map(function (row) { var t = row.cells[at].textContent.trim(); return { row: row, text: t, day: day(t), number: number(t) }; });
        var known = values.filter(function (v) { return v.text !== "\u2013" && v.text !== ""; });
        var by = known.every(function (v) { return v.day !== null; }) ? "day" : known.every(function (v) { return v.number !== null; }) ? "number" : "text";
        values.sort(function (a, b) {
          var none = (a.text === "\u2013" || a.text === "") - (b.text === "\u2013" || b.text === "");
          if (none) { return none; }
          var less = by === "text" ? a.text.localeCompare(b.text) : a[by] - b[by];
          return down ? -less : less;
        });
        values.forEach(function (v) { body.appendChild(v.row); });
      });
    });
    var bar = document.createElement("div"), find = document.createElement("input"), save = button("pb-csv", words.csv || "CSV");
    find.type = "search"; find.placeholder = words.filter || "Filter"; find.setAttribute("aria-label", (words.filter || "Filter") + ": " + (table.caption ? table.caption.textContent : ""));
    find.addEventListener("input", function () {
      var wanted = find.value.toLowerCase();
      rows.forEach(function (row) { row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0; });
    });
    save.addEventListener("click", function () {
      var lines = [head].concat(rows.filter(function (row) { return !row.hidden; }), Array.prototype.slice.call(table.tFoot ? table.tFoot.rows : []));
      var text = lines.map(function (row) {
        return Array.prototype.map.call(row.cells, function (c) {
          var t = c.textContent.trim().replace(/\u2212/g, "-").replace(/[\u00a0\u2009]/g, " ");
          if (/^[=@\t\r]/.test(t) || (/^[+\-]/.test(t) && number(t) === null)) { t = "'" + t; }
          return '"' + t.replace(/"/g, '""') + '"';
        }).join(",");
      }).join("\r\n");
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
      link.download = (table.caption ? table.caption.textContent.trim().slice(0, 60) : "table") + ".csv";
      link.click(); setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
    bar.className = "pb-tools"; bar.appendChild(find); bar.appendChild(save); box.insertBefore(bar, box.firstChild);
  });
})();
