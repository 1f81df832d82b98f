using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.MultiNode;

/// <summary>What must hold for a cluster must hold on both stores.</summary>
public static class Stores
{
    public static TheoryData<string> Both => new(TestStore.Sqlite, TestStore.Postgres);
}
