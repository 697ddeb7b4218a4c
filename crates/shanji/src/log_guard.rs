//! `shanji log guard`: where the guard file is missing, a person looks at what the database has signed last and says that it
//! is the newest. What others keep of the log may forbid that, and is asked first.

use crate::books;
use crate::cli::{House, LogGuard};
use crate::house::{self, Place};
use crate::kept_elsewhere::{Found, gather, held_keys};
use crate::outcome::{Ended, Exit, Failure};
use crate::recover::failed;
use crate::screen::{count, say};
use crate::serve_lock;
use db::{Db, Session};
use leaf::TrustedKeys;
use store::transparency::{
    CheckpointRecord, Guard, Guarded, Kept, Mark, checkpoint_compare, checkpoint_newest,
    guard_renew,
};
use tlog::{Hash, SignedNote};

/// Runs the command.
pub(crate) fn run(at: &House, args: &LogGuard) -> Ended {
    let place = Place::of(at);
    let _lock = serve_lock::take(&place.data)?;
    house::block_on(async {
        let db = house::open(&place)?;
        let ended = look(&db, &place, args).await;
        db.close();
        ended
    })?
}

/// Shows what there is, and writes the guard if a person has confirmed exactly that.
async fn look(db: &Db, place: &Place, args: &LogGuard) -> Ended {
    let mut read = db.read_tx().await.map_err(|error| books::unread(&error))?;
    let newest = checkpoint_newest(&mut read).await;
    let newest = newest.map_err(|error| books::unread(&error))?;
    let Some(newest) = newest else {
        let sentence = "这个日志还没有签过检查点，没有要确认的，请直接启动服务";
        return Err(Failure::refused("guard.nothing_signed", sentence));
    };
    let (origin, trusted, held) = own(place, &newest)?;
    let guard = Guard::at(&app::Config::local(&place.data).guard);
    say(&described(&origin, &newest));
    let said = guard.read();
    let said = said.map_err(|error| {
        let sentence = format!("守卫文件 {} 读不了：{error}", guard.path().display());
        Failure::unreachable("guard.read", sentence)
    })?;
    let known = said.as_ref().filter(|said| !said.is_blank());
    let remembered = remembered(&mut read, known, &origin).await?;
    let found = gather(&args.elsewhere, (&trusted, &held)).await?;
    compared(&mut read, &found).await?;
    drop(read);
    if let Some(signed) = remembered {
        say(&format!(
            "✓ 守卫文件在，记着{signed}条，数据库里有它，不用确认。可以启动服务。\n"
        ));
        return Ok(Exit::Fine);
    }
    let size = newest.size;
    match args.confirm {
        None => {
            say(&format!(
                "守卫文件 {} 不在：本机不知道{size}条以后是否还签过。请与别处存下的检查点（镜像、见证人、凭据）核对；确定{size}条就是最后签过的，再运行一次，加上 --confirm {size}\n",
                guard.path().display()
            ));
            Ok(Exit::Found)
        }
        Some(confirmed) if confirmed != size => {
            let sentence = format!(
                "您确认的是{confirmed}条，数据库却签到{size}条，没有写守卫文件；请核对后写 --confirm {size}"
            );
            Err(Failure::refused("guard.other_size", sentence))
        }
        Some(_) => {
            let written = guard_renew(db, &guard, &origin).await;
            written.map_err(|error| failed(error.into()))?;
            say(&format!(
                "✓ 守卫文件已写好：{}条。可以启动服务。\n",
                count(size.unsigned_abs())
            ));
            Ok(Exit::Fine)
        }
    }
}

type Own = (String, TrustedKeys, Vec<tlog::VerifierKey>);

/// The name of the log and the keys of this house, of which one has signed the newest checkpoint.
fn own(place: &Place, newest: &CheckpointRecord) -> Result<Own, Failure> {
    let origin = newest.note.lines().next().unwrap_or_default().to_owned();
    let held = held_keys(place, &house::secrets(place)?, &origin)?;
    let trusted = TrustedKeys::new(&origin, held.iter().cloned());
    let note = SignedNote::parse(&newest.note);
    let note = note.map_err(|error| Failure::found(error.code(), error.to_string()))?;
    trusted.open(&note).map_err(|error| {
        let sentence = format!(
            "数据库的检查点不是 keys 里的密钥签的：{error}；请核对数据库和密钥是否属于同一本日志"
        );
        Failure::refused("guard.other_keys", sentence)
    })?;
    Ok((origin, trusted, held))
}

fn described(origin: &str, newest: &CheckpointRecord) -> String {
    format!(
        "日志 {origin}\n数据库里最新的检查点：{}条，根 {}，签于 {}\n",
        count(newest.size.unsigned_abs()),
        Hash(newest.root),
        newest.signed_at.rfc3339()
    )
}

/// The size that the guard remembers, if it remembers one and the database has it.
async fn remembered(
    read: &mut Session,
    said: Option<&Guarded>,
    origin: &str,
) -> Result<Option<i64>, Failure> {
    let Some(said) = said else {
        return Ok(None);
    };
    if said.origin != origin {
        let sentence = format!("守卫文件属于另一本日志 {}，请核对数据目录", said.origin);
        return Err(Failure::refused("guard.other_log", sentence));
    }
    // What was only about to be signed may not have been.
    let Some(signed) = said.signed else {
        return Ok(said.signing.map(|mark| mark.size));
    };
    against(read, signed, "守卫文件").await?;
    Ok(Some(signed.size))
}

/// Holds what others keep against the database, and says how it stands.
async fn compared(read: &mut Session, found: &Found) -> Result<(), Failure> {
    for remark in &found.remarks {
        say(&format!("⚠ {remark}\n"));
    }
    for one in &found.seen {
        against(read, one.mark, &one.by).await?;
        let size = count(one.mark.size.unsigned_abs());
        say(&format!("✓ {}：{size}条，数据库里有\n", one.by));
    }
    Ok(())
}

async fn against(read: &mut Session, mark: Mark, by: &str) -> Result<(), Failure> {
    let size = mark.size;
    let (code, what) = match checkpoint_compare(read, mark).await {
        Err(error) => return Err(failed(error.into())),
        Ok(Kept::Held) => return Ok(()),
        Ok(Kept::Beyond { held }) => (
            "guard.behind",
            format!("{by}有{size}条，数据库只签到{held}条"),
        ),
        Ok(Kept::Differs) => ("guard.differs", format!("{by}的{size}条与数据库的根不同")),
    };
    let sentence = format!(
        "{what}：数据库不是最后签名的那一份，不能确认。请换上最新的数据库，或用 shanji log recover 从镜像补回"
    );
    Err(Failure::found(code, sentence))
}

#[cfg(test)]
mod tests;
