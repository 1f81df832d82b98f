namespace AkkaScale.Journal.Writing;

/// <summary>A recovery that waits until each accepted write of its entity has an outcome.</summary>
internal sealed class RecoveryWaiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
