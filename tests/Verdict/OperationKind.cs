namespace AkkaScale.Tests.Verdict;

/// <summary>Whether an operation is a command or a look.</summary>
public enum OperationKind
{
    Read,
    Write,
}
