namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Tells hosts apart. Containers on one kernel share the boot id, and a host keeps its name over restarts.</summary>
internal sealed record HostIdentity(string BootId, string HostName)
{
    public static HostIdentity Current()
    {
        const string bootId = "/proc/sys/kernel/random/boot_id";
        return new(File.Exists(bootId) ? File.ReadAllText(bootId).Trim() : "", Environment.MachineName);
    }

    /// <summary>The same boot is the same kernel whatever the name; the same name with another boot is a host that was restarted.</summary>
    public bool IsSameHost(HostIdentity other) => (BootId.Length > 0 && BootId == other.BootId) || HostName == other.HostName;

    public static HostIdentity? Parse(string text)
    {
        var lines = text.Split('\n');
        return lines.Length >= 2 ? new HostIdentity(lines[0], lines[1]) : null;
    }

    public override string ToString() => $"{BootId}\n{HostName}\n";
}
