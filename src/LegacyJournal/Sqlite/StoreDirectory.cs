using AkkaScale.LegacyCluster;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Where the embedded store may live: on a local disk, used by one host.</summary>
internal static class StoreDirectory
{
    private const string HostFile = "host";

    /// <exception cref="ClusterRefusedException">A network file system, or a directory that another host uses.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ClusterRefusedException($"The store directory {directory} cannot be made: {error.Message} Set Store:Path.", error);
        }

        var drive = new DriveInfo(Path.GetFullPath(directory));
        CheckFileSystem(directory, drive.DriveType, drive.DriveFormat);
    }

    public static void CheckFileSystem(string directory, DriveType type, string format)
    {
        if (type == DriveType.Network)
        {
            throw new ClusterRefusedException(
                $"The store directory {directory} is on a network file system ({format}), whose locks cannot be trusted: "
                + "set Store:Path to a local disk, or use PostgreSQL (Store:Kind=postgres).");
        }
    }

    /// <summary>To be called under the write lock. Compares who used the directory last with this host, and takes it over after a restart of
    /// the same host.</summary>
    public static void CheckHost(string directory, HostIdentity host)
    {
        var path = Path.Combine(directory, HostFile);
        if (File.Exists(path) && HostIdentity.Parse(File.ReadAllText(path)) is { } last && !host.IsSameHost(last))
        {
            throw new ClusterRefusedException(
                $"The store directory {directory} was used by host '{last.HostName}', this is '{host.HostName}'. One host at a time may use the embedded "
                + $"store: stop it there, then delete the file {path} if the directory was moved here, or use PostgreSQL (Store:Kind=postgres).");
        }

        File.WriteAllText(path, host.ToString());
    }
}
