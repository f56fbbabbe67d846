extension ServicePage {
  /// Takes the probe by the camera, where the browser allows it: from this machine or over TLS.
  ///
  /// The picture is a PNG of what the camera gives, for a JPEG's losses would change it.
  static let camera = #"""
    let stream = null;
    function closeCamera() {
      for (const track of stream ? stream.getTracks() : []) track.stop();
      stream = null;
      $("video").srcObject = null;
      $("camera-view").hidden = true;
      $("camera").disabled = false;
    }
    const hasCamera = window.isSecureContext && navigator.mediaDevices
      && navigator.mediaDevices.getUserMedia;
    $("camera").hidden = !hasCamera;
    $("no-camera").hidden = Boolean(hasCamera);
    $("camera").addEventListener("click", async () => {
      complain("");
      $("camera").disabled = true;
      try {
        stream = await navigator.mediaDevices.getUserMedia(
          {video: {facingMode: "user", width: {ideal: 1280}, height: {ideal: 720}}, audio: false});
        $("video").srcObject = stream;
        $("camera-view").hidden = false;
        $("take").focus();
      } catch (error) {
        closeCamera();
        complain("The camera cannot be used: " + error.message);
      }
    });
    $("leave").addEventListener("click", () => { closeCamera(); $("camera").focus(); });
    $("take").addEventListener("click", () => {
      const video = $("video");
      if (!video.videoWidth) return complain("The camera has not given a picture yet.");
      const canvas = make("canvas", {width: video.videoWidth, height: video.videoHeight});
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob(blob => {
        closeCamera();
        if (!blob) return complain("The browser could not keep the picture.");
        $("probe").value = "";
        choose("probe", [new File([blob], "camera.png", {type: "image/png"})]);
        $("camera").focus();
      }, "image/png");
    });

    """#
}
