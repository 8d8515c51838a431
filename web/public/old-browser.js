// Plain old script: says in one sentence that a browser is too old, instead of a white page.
(function () {
  var script = document.createElement('script');
  if ('noModule' in script && String.prototype.replaceAll && window.ResizeObserver) return;
  var box = document.createElement('p');
  box.appendChild(document.createTextNode(
    '\u6d4f\u89c8\u5668\u7248\u672c\u8fc7\u4f4e\uff0c\u8bf7\u6539\u7528 Chrome 88\u3001Edge 88\u3001Firefox 78\u3001Safari 14 \u6216\u66f4\u65b0\u7684\u7248\u672c\u3002'));
  document.body.appendChild(box);
})();
