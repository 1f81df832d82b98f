namespace AkkaScale.LegacyJournal.Care;

/// <summary>A store whose copy is taken by the database's own tool.</summary>
public interface IBaseBackup
{
    /// <summary>The line to type, without the password: that belongs into PGPASSFILE or PGPASSWORD.</summary>
    string BaseBackupLine(string directory);
}
