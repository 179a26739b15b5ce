// Reads the tax QR of a ticket with the camera, where the browser can; typing does the same and always works.
(() => {
  const form = document.getElementById("claim");
  const place = document.getElementById("scanner");
  if (!form || !place || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;

  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const video = document.createElement("video");
  video.playsInline = true;
  video.muted = true;
  video.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = form.dataset.scan;
  const said = document.createElement("p");
  said.className = "small muted";
  said.setAttribute("role", "status");
  place.append(button, said, video);

  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = true;
    button.textContent = form.dataset.scan;
  };

  const emptyNumber = () => [...form.querySelectorAll("input[name^=number]:not([type=hidden])")].find((input) => !input.value);

  const look = async () => {
    if (!stream) return;
    const codes = await detector.detect(video).catch(() => []);
    const tax = codes.find((code) => /numserie=/i.test(code.rawValue));
    const into = emptyNumber();
    if (tax && into) {
      into.value = tax.rawValue;
      stop();
      // The server reads it and shows the ticket, with room for the next one.
      form.requestSubmit(form.querySelector("button[name=act][value=more]"));
      return;
    }
    requestAnimationFrame(look);
  };

  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = form.dataset.none;
      return;
    }
    said.textContent = "";
    video.srcObject = stream;
    video.hidden = false;
    button.textContent = form.dataset.stop;
    await video.play();
    look();
  });
})();
