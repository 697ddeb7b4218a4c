//! `shanji dump`: the open data of the newest checkpoint into a folder.

use crate::cli::Dump;
use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};

/// Runs the command.
pub(crate) fn run(args: &Dump) -> Ended {
    let place = Place::of(&args.house);
    // A house is never founded here: an empty dump would pass for an empty register.
    house::secrets(&place)?;
    house::block_on(work(&place, args))?
}

async fn work(place: &Place, args: &Dump) -> Ended {
    let app = crate::import::open(place).await?;
    app.seal_now().await.map_err(|e| house::failure(&e))?;
    let dump = app.dump(&args.dir).await.map_err(|e| house::failure(&e))?;
    let Some(dump) = dump else {
        let sentence = "日志还没有检查点，或者是测试日志，没有可以开放的数据";
        return Err(Failure::usage("dump.nothing", sentence));
    };
    if args.json {
        say_json(&serde_json::json!(dump.manifest));
        return Ok(Exit::Fine);
    }
    let place = args.dir.join(dump.manifest.size.to_string());
    say(&format!(
        "日志前{}条的开放数据写在 {}：\n",
        count(dump.manifest.size.unsigned_abs()),
        place.display()
    ));
    let delta = dump.delta.iter().flat_map(|delta| &delta.files);
    for file in dump.manifest.files.iter().chain(delta) {
        say(&format!(
            "  {}  {} 行，{} 字节，SHA-256 {}\n",
            file.name,
            count(file.rows),
            count(file.bytes),
            file.sha256
        ));
    }
    Ok(Exit::Fine)
}
