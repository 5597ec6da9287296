// Chosen files: photos are drawn anew in the page, which leaves place, time and device of taking behind.
(function () {
  "use strict";
  const LONGEST = 2560; // pixels
  const QUALITY = 0.88;
  const THUMB = 56;
  const DRAWN = /^image\/(jpeg|png|webp|bmp|heic|heif|avif)$/;

  const canvasOf = (width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas;
  };

  // Some browsers hand out noise instead of what was drawn, against fingerprinting: photos would be ruined.
  function drawsTrue() {
    const pen = canvasOf(8, 8).getContext("2d");
    if (!pen) return false;
    pen.fillStyle = "rgb(12, 200, 99)";
    pen.fillRect(0, 0, 8, 8);
    const seen = pen.getImageData(0, 0, 8, 8).data;
    return seen.every((value, at) => value === [12, 200, 99, 255][at % 4]);
  }

  // The photo as JPEG bytes with nothing but its pixels, and a small canvas of it; null if it cannot be read.
  async function redraw(file) {
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
      const canvas = canvasOf(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
      const thumb = canvasOf(THUMB, THUMB);
      const side = Math.min(bitmap.width, bitmap.height);
      const left = (bitmap.width - side) / 2;
      thumb.getContext("2d").drawImage(bitmap, left, (bitmap.height - side) / 2, side, side, 0, 0, THUMB, THUMB);
      bitmap.close();
      return { content: new Uint8Array(await blob.arrayBuffer()), thumb: thumb };
    } catch (error) {
      return null;
    }
  }

  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1) + " MB";

  // Keeps the files chosen through *input* and lists them in *list*. `canSeal` and `keeps` are asked anew each time.
  function chooser({ input, list, say, limits, canSeal, keeps, changed }) {
    let chosen = [];
    let working = Promise.resolve();
    const isSealed = (each) => Boolean(each.content) && canSeal() && !keeps();

    function show(note) {
      list.textContent = "";
      let photos = 0;
      chosen.forEach((each) => {
        const row = document.createElement("li");
        if (each.thumb) row.appendChild(each.thumb);
        if (each.content) photos += 1;
        const size = each.content && !keeps() ? each.content.length : each.file.size;
        const name = each.content ? say("photo", { count: photos }) : each.file.name;
        const words = row.appendChild(document.createElement("span"));
        words.appendChild(document.createElement("b")).textContent = name + " · " + megabytes(size);
        words.appendChild(document.createElement("small")).textContent = say(isSealed(each) ? "way_page" : each.content && !keeps() ? "way_redrawn" : "way_server");
        const drop = row.appendChild(document.createElement("button"));
        drop.type = "button";
        drop.className = "plain";
        drop.textContent = say("remove");
        drop.setAttribute("aria-label", say("remove") + ": " + name);
        drop.addEventListener("click", () => {
          chosen = chosen.filter((other) => other !== each);
          show();
          input.focus();
          changed();
        });
        list.appendChild(row);
      });
      if (note) {
        const row = list.appendChild(document.createElement("li"));
        row.className = "note";
        row.setAttribute("role", "alert");
        row.textContent = note;
      }
    }

    async function add(files) {
      let note = "";
      for (const file of files) {
        if (chosen.length >= limits.files) note = say("too_many", { count: limits.files });
        else if (!file.size) note = say("file_empty");
        else {
          const drawn = DRAWN.test(file.type) && drawsTrue() ? await redraw(file) : null;
          if (!drawn && file.size > limits.file_bytes) note = say("file_large", { count: limits.file_bytes / 1e6 });
          else chosen.push(Object.assign({ file: file, content: null, thumb: null }, drawn));
        }
      }
      show(note);
      changed();
    }

    input.addEventListener("change", () => {
      const files = Array.from(input.files);
      input.value = "";
      working = working.then(() => add(files));
    });

    return {
      show: show,
      ready: () => working,
      count: () => chosen.length,
      clear: () => { chosen = []; show(); },
      // What goes into the sealed parcel.
      sealed: () => chosen.filter(isSealed).map((each, at) => ({ name: "anh-" + (at + 1) + ".jpg", type: "image/jpeg", content: each.content })),
      // What the server cleans and seals: without its name, without its type.
      raw: () => chosen.filter((each) => !isSealed(each)).map((each) => new Blob([each.content && !keeps() ? each.content : each.file])),
    };
  }

  window.binhanFiles = { chooser: chooser, redraw: redraw };
})();
