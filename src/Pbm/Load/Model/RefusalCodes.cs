namespace AkkaScale.Pbm.Load.Model;

/// <summary>The codes of the HTTP contract that a replayed trace can meet.</summary>
internal static class RefusalCodes
{
    public const string UserExists = "user/exists";
    public const string ProjectExists = "project/exists";
    public const string ProjectNotFound = "project/not-found";
    public const string TaskNotFound = "task/not-found";
    public const string TaskExists = "task/exists";

    /// <summary>Rename, move and complete of a task that is done.</summary>
    public const string TaskAlreadyDone = "task/already-done";
}
