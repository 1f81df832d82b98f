using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AkkaScale.Tests.Support.Namespaces;

/// <summary>Puts the present thread, for good, into a network namespace: sockets that it makes belong there. Not for threads of a pool.</summary>
public static partial class NamespaceThread
{
    private const int CloneNewNet = 0x40000000;

    /// <exception cref="Win32Exception">There is none of that name, or this process may not enter it.</exception>
    public static void Enter(string name)
    {
        using var handle = File.OpenHandle($"/run/netns/{name}");
        if (SetNamespace((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"namespace {name} cannot be entered: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int handle, int kind);
}
