namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>A command that was answered.</summary>
/// <param name="SentAt">Of its first attempt; a timestamp of Stopwatch, like the other.</param>
/// <param name="Incarnation">Of the process that answered.</param>
internal readonly record struct ShardAnswer(long SentAt, long AnsweredAt, string Incarnation);
