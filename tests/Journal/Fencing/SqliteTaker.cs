namespace AkkaScale.Tests.Journal.Fencing;

internal static class SqliteTaker
{
    public static Task RunAsync(string path) => Task.FromException(new NotSupportedException(path));
}
